"""Lambda on this machine: the event queue, the pool of workers and the runtime API they speak."""
