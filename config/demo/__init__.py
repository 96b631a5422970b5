"""The demonstration: a court with its people and cases, made by calling the services as the site does."""
