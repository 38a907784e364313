"""An authority of time stamps by RFC 3161 over HTTP, on loopback only; its stamps prove nothing to anybody else."""
