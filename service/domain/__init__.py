"""The words every room shares: stimuli, outcome, people, errors. Standard library only; no behaviour of any room."""
