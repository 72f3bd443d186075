"""Who may: identity, the rule table, and whom a candidate group means. When something may be done is on the diagram."""
