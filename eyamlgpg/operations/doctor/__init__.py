"""`doctor`: how GnuPG, the machine, the settings and the repository stand, and what mends them"""
