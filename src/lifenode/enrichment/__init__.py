"""Gene list in, enriched terms out."""
