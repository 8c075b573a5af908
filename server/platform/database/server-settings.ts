/** What a server is given to work with. Memory in MiB. */
export type ServerSize = { readonly port: number; readonly socketFolder: string | undefined; readonly memoryMiB: number };

/**
 * The whole postgresql.conf of the embedded server, valid for PostgreSQL 15 to 18. The log takes starts, stops and
 * crashes only: an ERROR goes to the client, which knows what may be told, because its text can quote a value.
 */
export function serverSettings(size: ServerSize, changes: Readonly<Record<string, string>> = {}): string {
  const sharedMiB = Math.min(1024, Math.max(128, Math.floor(size.memoryMiB / 8)));
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(size.port),
    unix_socket_directories: size.socketFolder ?? "",
    unix_socket_permissions: "0700",
    max_connections: "100",
    password_encryption: "scram-sha-256",
    shared_buffers: `${sharedMiB}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(size.memoryMiB / 2))}MB`,
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    random_page_cost: "1.1",
    max_parallel_workers_per_gather: "0",
    max_parallel_maintenance_workers: "1",
    jit: "off",
    wal_level: "replica",
    synchronous_commit: "on",
    max_wal_size: "2GB",
    min_wal_size: "128MB",
    checkpoint_timeout: "10min",
    timezone: "UTC",
    log_timezone: "UTC",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_statement: "none",
    log_checkpoints: "off",
    log_autovacuum_min_duration: "-1",
    ...changes,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}

/** pg_hba.conf: every way in asks for a password. */
export const serverAccess = `local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
local replication all scram-sha-256
`;
