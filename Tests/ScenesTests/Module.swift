// What stands here until the module's first test does.
