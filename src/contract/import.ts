import { z } from 'zod'
import { ofVendor, operation } from './operation.ts'

/** A whole book of couples from a table: looked at first, then brought in as a job. */
export const IMPORT_CHARACTERS_MAX = 4_000_000
const sheet = {
  text: z
    .string()
    .min(1)
    .max(IMPORT_CHARACTERS_MAX)
    .describe('The table as text (CSV); its first line names the columns.'),
  columns: z
    .record(z.string().max(200), z.string().max(70))
    .default({})
    .describe('What a column means, by its name, where its name does not say it; "-" for nothing.'),
  dates: z.enum(['dmy', 'mdy']).optional().describe('What 03/04/2027 means: day or month first.'),
}

export const checkImport = operation({
  id: 'clients.import.check',
  method: 'post',
  path: '/vendors/{vendor}/clients/import/check',
  summary: 'Read a table of couples and say what would come of it, row by row; nothing is written',
  weight: 10,
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject(sheet),
  answer: z.object({
    columns: z
      .array(
        z.object({
          name: z.string(),
          means: z.string().nullable().describe('What it is taken for; null for nothing.'),
          examples: z.array(z.string()),
        }),
      )
      .nullable()
      .describe('Null where the text is no table; the problems say why.'),
    meanings: z.array(z.string()).describe('What a column can mean, beside field:<name>.'),
    rows: z.int(),
    good: z.int(),
    known: z.int().describe('Good rows whose address is known here already: they are passed over.'),
    bad: z.int(),
    problems: z
      .array(
        z.object({
          line: z.int(),
          column: z.int(),
          code: z.string(),
          message: z.string(),
          cell: z.string(),
          of: z.string().describe('The column, by its name.'),
        }),
      )
      .describe('The first of what is wrong, each with its place.'),
    refused: z
      .string()
      .nullable()
      .describe(
        'Every row that is refused, with the reason in a first column: to be mended and brought in again.',
      ),
    begins: z.array(z.string()).describe('Journeys that would begin for them at once.'),
  }),
  onlyLooks: true,
})

export const importClients = operation({
  id: 'clients.import',
  method: 'post',
  path: '/vendors/{vendor}/clients/import',
  summary:
    'Bring in every good row of a table: a job with a result for each line. Told again, nobody comes in twice',
  weight: 10,
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject(sheet),
  answer: z.object({ job: z.uuid(), total: z.int() }),
  status: 202,
})
