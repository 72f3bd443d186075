"""One verb per function, one transaction per verb: where the rooms meet. No HTTP and no rule about social care."""
