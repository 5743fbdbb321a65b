import { totalmem } from 'node:os'

/**
 * What our load asks of the server: many small commits that must survive a power cut, a few hot tables, one
 * machine shared with the program. Handed over on the command line, so that they are always this version's.
 */
export const SERVER_CONNECTIONS_MAX = 80

const MiB = 1_048_576

export function serverSettings(): Record<string, string> {
  const buffersMiB = Math.min(512, Math.max(64, Math.floor(totalmem() / MiB / 8)))
  return {
    // Durability is the product; these are the defaults, written down so that no file changes them.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: String(SERVER_CONNECTIONS_MAX),
    shared_buffers: `${buffersMiB}MB`,
    effective_cache_size: `${buffersMiB * 4}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '64MB',
    // Fewer, gentler checkpoints: each makes the first change of every page write the whole page.
    max_wal_size: '1GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '10min',
    checkpoint_completion_target: '0.9',
    wal_compression: 'on',
    // Hot rows change at every step; a tenth of a table dead is too late for them.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.05',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    password_encryption: 'scram-sha-256',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_min_messages: 'warning',
    // Values of a failed statement or of a violated key are people's data and stay out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: '0',
  }
}
