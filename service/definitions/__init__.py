"""Rule books as data: files, forms, organisation, settings, scenarios, releases, checks. Storing and running are not."""
