"""One use case a module: a request and ports in, a frozen result out, no output."""
