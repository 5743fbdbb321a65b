import { useNavigate } from '@tanstack/react-router'
import { type ClientDocument, listClients, readClient } from '../../../contract/clients.ts'
import {
  changeWedding,
  coupleDates,
  previewWedding,
  readWedding,
  undoWedding,
} from '../../../contract/weddings.ts'
import { tellDay } from '../../../ui/month.ts'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { shortName } from '../clients/words.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import type { LastChange } from './dates.ts'
import type { Change, WeddingDocument } from './move.ts'

const askForDates = async () => {
  await Promise.all([
    askAgain(readWedding, readClient, listClients, previewWedding, coupleDates),
    askForRuns(),
  ])
}

/** Taken back within ten minutes: the earlier date, and with it exactly the earlier plan. */
export function useUndoMove(wedding: string) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const undo = (change: LastChange): void =>
    act(async () => {
      try {
        await api(undoWedding, { params: { vendor, wedding, change: change.id } })
        toast(sayBack(change))
      } finally {
        await askForDates()
      }
    })
  return { busy, undo }
}

function sayBack({ from, to, status }: LastChange): string {
  if (status?.to === 'cancelled') return 'The wedding takes place after all, and what was planned goes on'
  return from === to
    ? 'Back to what it was, and with it the earlier plan'
    : 'The earlier date is back, and with it the earlier plan'
}

/** `says`: what was done, once it is; a move of the wedding says so by itself. */
export function useMove(client: ClientDocument, wedding: WeddingDocument, says?: string) {
  const { vendor } = useHere()
  const go = useNavigate()
  const { busy, act } = useDoing()
  const { undo } = useUndoMove(wedding.id)
  const apply = (body: Change, ifMatch: string): void =>
    act(async () => {
      try {
        const { data } = await api(changeWedding, { params: { vendor, wedding: wedding.id }, body, ifMatch })
        const change = data.lastChange
        await go({ to: '/clients/$clientId', params: { clientId: client.id } })
        const who = shortName(client)
        toast(says ?? (data.on ? `${who} marry on ${tellDay(data.on)}` : `The date of ${who} is held`), {
          ...(change && { undo: () => undo(change) }),
        })
      } finally {
        await askForDates()
      }
    })
  return { busy, apply }
}
