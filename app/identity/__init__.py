"""The company's own account service, behind a port: who somebody is there, by OpenID Connect."""
