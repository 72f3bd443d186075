"""What service tasks call: the world outside. Nothing here knows Towpath beyond `service.contract`."""
