import { listRuns } from '../../../../contract/runs.ts'
import {
  listApprovals,
  listDeadLetters,
  listNotices,
  listTasks,
  readOutlook,
  readToday,
} from '../../../../contract/work.ts'
import { askAgain } from '../../../api.ts'

/** Whatever is done about one of them may change what is told of all. */
export const allAgain = () =>
  askAgain(readToday, listApprovals, listTasks, listNotices, listDeadLetters, listRuns, readOutlook)
