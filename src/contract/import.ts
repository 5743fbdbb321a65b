import { z } from 'zod'
import { ofVendor, operation } from './operation.ts'

/** A whole book of couples from a table: looked at first, then brought in as a job. */
export const IMPORT_CHARACTERS_MAX = 4_000_000
const sheet = {
  /** The table as text (CSV); its first line names the columns. */
  text: z.string().min(1).max(IMPORT_CHARACTERS_MAX),
  /** What a column means, by its name, where its name does not say it; "-" for nothing. */
  columns: z.record(z.string().max(200), z.string().max(70)).default({}),
  /** What 03/04/2027 means: day or month first. */
  dates: z.enum(['dmy', 'mdy']).optional(),
}

export const checkImport = operation({
  id: 'clients.import.check',
  method: 'post',
  path: '/vendors/{vendor}/clients/import/check',
  summary: 'Read a table of couples and say what would come of it, row by row; nothing is written',
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject(sheet),
  answer: z.object({
    /** Null where the text is no table; the problems say why. */
    columns: z
      .array(
        z.object({
          name: z.string(),
          /** What it is taken for; null for nothing. */
          means: z.string().nullable(),
          examples: z.array(z.string()),
        }),
      )
      .nullable(),
    /** What a column can mean, beside field:<name>. */
    meanings: z.array(z.string()),
    rows: z.int(),
    good: z.int(),
    /** Good rows whose address is known here already: they are passed over. */
    known: z.int(),
    bad: z.int(),
    /** The first of what is wrong, each with its place. */
    problems: z.array(
      z.object({
        line: z.int(),
        column: z.int(),
        code: z.string(),
        message: z.string(),
        cell: z.string(),
        /** The column, by its name. */ of: z.string(),
      }),
    ),
    /** Every row that is refused, with the reason in a first column: to be mended and brought in again. */
    refused: z.string().nullable(),
    /** Journeys that would begin for them at once. */
    begins: z.array(z.string()),
  }),
  onlyLooks: true,
})

export const importClients = operation({
  id: 'clients.import',
  method: 'post',
  path: '/vendors/{vendor}/clients/import',
  summary:
    'Bring in every good row of a table: a job with a result for each line. Told again, nobody comes in twice',
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject(sheet),
  answer: z.object({ job: z.uuid(), total: z.int() }),
  status: 202,
})
