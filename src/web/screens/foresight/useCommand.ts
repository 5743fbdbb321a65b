import { listJobs } from '../../../contract/jobs.ts'
import {
  type CommandDocument,
  clientTimeline,
  commandRun,
  listRuns,
  readRun,
  undoCommand,
} from '../../../contract/runs.ts'
import { readToday } from '../../../contract/work.ts'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'

export const askForRuns = () => askAgain(clientTimeline, listRuns, readRun, readToday, listJobs)

/** What a person wants of a couple's journey: done at once, and answered with the way back. */
export function useCommand() {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const command = (run: string, wanted: CommandDocument, says: string): void =>
    act(async () => {
      const { data } = await api(commandRun, { params: { vendor, run }, body: { command: wanted } })
      await askForRuns()
      toast(says, {
        undo: () =>
          act(async () => {
            await api(undoCommand, { params: { vendor, run, command: data.command } })
            await askForRuns()
            toast('Back to what it was')
          }),
      })
    })
  return { busy, command, act }
}
