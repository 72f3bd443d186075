"""Rule books as data: files, forms, organisation, settings, scenarios, releases and the check. Storing and running are not here."""
