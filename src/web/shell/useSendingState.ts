import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { holdEverything, readSending } from '../../contract/sending.ts'
import { readOutlook, readToday } from '../../contract/today.ts'
import { toast } from '../../ui/toasts.ts'
import { api, askAgain, asks } from '../api.ts'
import { useSession } from '../session.ts'
import { useDoing } from '../useDoing.ts'
import { afterFirstPaint } from './after-first-paint.ts'

/** Whether messages go out, and the one hand that stops all of them. It is asked once the room one came for is there. */
export function useSendingState() {
  const session = useSession()
  const [later, setLater] = useState(false)
  useEffect(() => afterFirstPaint(() => setLater(true)), [])
  const params = { vendor: session?.vendor ?? '' }
  const { data } = useQuery({
    ...asks(readSending, { params }),
    enabled: later && session?.may(readSending) === true,
  })
  const { busy, act } = useDoing()
  const turn = async (held: boolean): Promise<void> => {
    await api(holdEverything, { params, body: { held } })
    await askAgain(readSending, readToday, readOutlook)
  }
  const set = (held: boolean): void =>
    act(async () => {
      await turn(held)
      toast(held ? 'Everything is held: nothing goes out' : 'Everything goes on', {
        undo: () => act(() => turn(!held)),
      })
    })
  return { sending: data?.data, may: session?.may(holdEverything) ?? false, busy, set }
}
