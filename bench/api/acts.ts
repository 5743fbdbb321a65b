import { changeClient, listClients, readClient } from '../../src/contract/clients.ts'
import { type Api, Refused } from '../../src/contract/connect.ts'
import { listEvents } from '../../src/contract/events.ts'
import { journeyStatistics, listJourneys, readDraft } from '../../src/contract/journeys.ts'
import { explainMessages, listMessages } from '../../src/contract/messages.ts'
import { clientTimeline, commandRun, listRuns, readRun } from '../../src/contract/runs.ts'
import { listTemplates, previewTemplate } from '../../src/contract/templates.ts'
import { listApprovals, listTasks, readOutlook, readToday } from '../../src/contract/work.ts'

/** What people ask the server for all day, and how often of a hundred times. */
export type Book = {
  readonly vendor: string
  /** Whose journeys run. */
  readonly clients: readonly string[]
  readonly journeys: readonly string[]
  readonly runs: readonly string[]
}
export type Act = {
  /** Of a hundred things that people do. */
  readonly often: number
  readonly does: (api: Api, book: Book, turn: number) => Promise<unknown>
}

const of = <One>(all: readonly One[], turn: number): One => all[turn % all.length]!
const SOUGHT = ['nina grown12', 'otto', 'nina', 'grown7', 'nobody at all', 'nina7@couples', 'a', 'grown otto']

/** Two change the same couple at once, or what is held is held again: one of them is told so. */
function refused(error: unknown): void {
  if (!(error instanceof Refused) || error.response.status >= 500) throw error
}

export const ACTS: readonly Act[] = [
  {
    often: 10,
    does: (api, { vendor }) => api(readToday, { params: { vendor } }),
  },
  {
    often: 8,
    does: (api, { vendor }) => api(readOutlook, { params: { vendor }, query: { days: 7, brief: 'true' } }),
  },
  {
    often: 2,
    does: (api, { vendor }) => api(readOutlook, { params: { vendor }, query: { days: 7 } }),
  },
  {
    often: 6,
    does: (api, { vendor }) => api(listApprovals, { params: { vendor } }),
  },
  {
    often: 6,
    does: (api, { vendor }) => api(listTasks, { params: { vendor } }),
  },
  {
    often: 8,
    does: (api, { vendor }) => api(listClients, { params: { vendor } }),
  },
  {
    often: 2,
    does: (api, { vendor }) => api(listClients, { params: { vendor }, query: { limit: 200 } }),
  },
  {
    often: 8,
    does: (api, { vendor }, turn) =>
      api(listClients, { params: { vendor }, query: { search: of(SOUGHT, turn) } }),
  },
  {
    often: 8,
    does: (api, { vendor, clients }, turn) =>
      api(readClient, { params: { vendor, client: of(clients, turn) } }),
  },
  {
    often: 8,
    does: (api, { vendor, clients }, turn) =>
      api(clientTimeline, { params: { vendor, client: of(clients, turn) } }),
  },
  {
    often: 5,
    does: (api, { vendor }) => api(listMessages, { params: { vendor } }),
  },
  {
    often: 2,
    does: (api, { vendor }, turn) =>
      api(listMessages, { params: { vendor }, query: { search: of(SOUGHT, turn) } }),
  },
  {
    often: 1,
    does: (api, { vendor }, turn) =>
      api(explainMessages, { params: { vendor }, query: { search: `grown${turn} questionnaire` } }),
  },
  {
    often: 2,
    does: (api, { vendor }) => api(listEvents, { params: { vendor } }),
  },
  {
    often: 4,
    does: (api, { vendor }) => api(listJourneys, { params: { vendor } }),
  },
  {
    often: 3,
    does: (api, { vendor, journeys }, turn) =>
      api(readDraft, { params: { vendor, journey: of(journeys, turn) } }),
  },
  {
    often: 2,
    does: (api, { vendor }) => api(listRuns, { params: { vendor }, query: { status: 'live' } }),
  },
  {
    often: 2,
    does: (api, { vendor, runs }, turn) => api(readRun, { params: { vendor, run: of(runs, turn) } }),
  },
  {
    often: 1,
    does: (api, { vendor }) => api(listTemplates, { params: { vendor } }),
  },
  {
    often: 1,
    does: (api, { vendor }) => api(previewTemplate, { params: { vendor }, body: {} }),
  },
  {
    often: 2,
    does: (api, { vendor, journeys }, turn) =>
      api(journeyStatistics, { params: { vendor, journey: of(journeys, turn) } }),
  },
  {
    often: 5,
    does: async (api, { vendor, clients }, turn) => {
      const params = { vendor, client: of(clients, turn) }
      const { etag } = await api(readClient, { params })
      await api(changeClient, { params, body: { tags: [`turn ${turn % 3}`] }, ifMatch: etag! }).catch(refused)
    },
  },
  {
    often: 4,
    does: (api, { vendor, runs }, turn) =>
      api(commandRun, {
        params: { vendor, run: of(runs, turn) },
        body: { command: { do: turn % 2 === 0 ? 'pause' : 'resume' } },
      }).catch(refused),
  },
]

/** What is counted over the whole book is promised in 100 ms, everything else in 50, for 95 of 100. */
const COUNTED: ReadonlySet<string> = new Set([readOutlook.id, journeyStatistics.id, previewTemplate.id])
export const promisedMs = (operation: string): number => (COUNTED.has(operation) ? 100 : 50)

/** Everything that is asked through it is timed, by operation. */
export function timed(api: Api, note: (operation: string, ms: number) => void): Api {
  return async (operation, input) => {
    const begun = performance.now()
    try {
      return await api(operation, input)
    } finally {
      note(operation.id, performance.now() - begun)
    }
  }
}
