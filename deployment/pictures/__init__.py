"""The pictures in the README, and what takes them: python -m deployment.pictures. Pages are not here."""
