"""`diff`: what a change means for secrets, value by value, and for who reads them."""
