import { z } from 'zod'

/** From where something is taken: addresses and ranges of them. */
const NETWORKS_MAX = 50
const NETWORK_CHARS_MAX = 60
export const networks = z
  .array(
    z
      .string()
      .trim()
      .max(NETWORK_CHARS_MAX)
      .regex(
        /^[0-9A-Fa-f.:]+(\/\d{1,3})?$/,
        'an address such as 203.0.113.7, or a range such as 203.0.113.0/24',
      ),
  )
  .max(NETWORKS_MAX)
  .describe('Addresses and ranges from which it is taken, such as 203.0.113.0/24; none: from anywhere.')
