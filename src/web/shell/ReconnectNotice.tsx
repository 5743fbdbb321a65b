import { useEffect, useRef, useState } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { toast } from '../../ui/toasts.ts'
import { askNow, useConnection } from './connection.ts'

/** Says that the line is cut, what that means, and when it is tried again. Back again, it says so once. */
export function ReconnectNotice() {
  const connection = useConnection()
  const wasLost = useRef(false)
  useEffect(() => {
    if (connection.is === 'lost') wasLost.current = true
    else if (wasLost.current) {
      wasLost.current = false
      toast('Connected again')
    }
  }, [connection])
  if (connection.is === 'there') return null
  return (
    <div className="px-5 pt-3 md:px-10">
      <Banner
        kind="warning"
        live
        title="No connection to the server"
        action={
          <Button size="sm" busy={connection.asking} onClick={() => void askNow()}>
            {connection.asking ? 'Trying' : 'Try now'}
          </Button>
        }
      >
        What you see may be out of date, and changes cannot be saved.{' '}
        {/* The seconds change too often to be read out. */}
        <span aria-hidden="true">
          <Seconds until={connection.retryAt} />
        </span>
      </Banner>
    </div>
  )
}

function Seconds({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(ticking)
  }, [])
  const seconds = Math.ceil((until - now) / 1_000)
  return seconds > 0 ? `Next try in ${seconds}\u00a0s.` : 'Trying now.'
}
