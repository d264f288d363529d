"""The languages that Mien speaks besides English: a folder each, named by its tag, that mirrors the modules `fer_app.text*`."""
