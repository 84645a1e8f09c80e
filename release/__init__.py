"""What a release is made of, and how it is shown to work before anybody gets it: `tox run -e dist`."""
