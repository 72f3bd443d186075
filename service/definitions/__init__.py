"""Rule books as data: files, forms, organisation, settings, scenarios, releases, checks. Running them is not here."""
