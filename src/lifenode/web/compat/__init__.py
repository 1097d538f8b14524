"""APIs of other services, as their clients know them."""
