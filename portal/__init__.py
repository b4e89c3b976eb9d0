"""What both editions and the sync job share: the content model, the mirror in Redis, settings and text."""
