"""What tests of several floors share: an installation of the demo authority, and the walk told in steps."""
