"""What the bench of faults is made of: machines to break, nodes to kill, clients that insist, and a verdict."""
