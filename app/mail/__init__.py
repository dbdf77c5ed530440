"""Letters by e-mail, behind one port: they go out until a mail server has taken them."""
