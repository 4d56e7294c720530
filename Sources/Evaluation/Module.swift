// What stands here until the module's first file does.
