"""`recipients`: changes of the lists of readers, planned and proved before anything is written."""
