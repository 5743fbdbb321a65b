import { z } from 'zod'
import { defineTrigger } from '../define-trigger.ts'

/** The couple has signed; from here on they are booked. */
export const contractSigned = defineTrigger({
  type: 'contract_signed',
  label: 'The contract is signed',
  config: z.strictObject({}),
  listensTo: 'contract_signed',
})
