"""Screen. Mien's screens: what a visitor sees; every computation is fer_core's."""
