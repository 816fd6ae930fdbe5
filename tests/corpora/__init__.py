"""What people really have: names, texts, addresses and files that broke systems like this one.

Every form and every output meets these. They grow when the world brings something new.
"""
