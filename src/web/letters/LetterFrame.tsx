import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * A letter as a mail program shows it: in a frame of the server's that runs no script and has rules of its own for
 * styles, since letters consist of styles that the app's pages do not allow.
 */
export function LetterFrame({
  html,
  title,
  width,
}: {
  readonly html: string
  readonly title: string
  readonly width: number
}) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(320)
  const show = useCallback(() => {
    const page = frame.current?.contentDocument
    if (!page?.body || page.location.pathname !== '/letter-frame') return
    page.documentElement.innerHTML = html
    setHeight(page.documentElement.scrollHeight)
  }, [html])
  useEffect(show, [show])
  return (
    <iframe
      ref={frame}
      src="/letter-frame"
      title={title}
      sandbox="allow-same-origin"
      width={width}
      height={height}
      onLoad={show}
      className="mx-auto block max-w-full rounded-md border border-border bg-card"
    />
  )
}
