import { type ReactNode, useEffect } from 'react'
import { Dot } from '../../../ui/Thread.tsx'
import { Toaster } from '../../../ui/Toaster.tsx'
import { Brand } from '../../shell/Brand.tsx'

/** The cover of the book and the page one writes on. On a phone the cover is its title only. */
export function AccountFrame({
  title,
  intro,
  children,
}: {
  readonly title: string
  readonly intro: ReactNode
  readonly children: ReactNode
}) {
  useEffect(() => {
    // Newer browsers answer with a promise, which an effect would take for its way back.
    window.scrollTo(0, 0)
  }, [])
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] bg-background md:grid-rows-1 md:grid-cols-[minmax(0,5fr)_minmax(0,8fr)]">
      <header className="flex flex-col bg-sidebar px-5 py-5 md:sticky md:top-0 md:h-dvh md:border-r md:border-border md:px-12 md:py-12">
        <Brand />
        <div className="hidden md:mt-20 md:block">
          <p className="font-display text-title tracking-display text-balance lg:text-hero">
            Nothing forgotten. Nothing twice. <i className="font-normal text-link">Everything seen.</i>
          </p>
        </div>
        <ol aria-label="How it begins" className="mt-auto hidden pt-8 md:block">
          <Ahead bead="key" title="Your business" note="name, trade, home zone" />
          <Ahead
            bead="planned"
            title="A journey on your next wedding"
            note="chosen from finished ones, shown on its dates"
          />
          <Ahead
            bead="planned"
            title="The first couple on their way"
            note="you read each message before it goes"
          />
          <Ahead bead="wedding" title="The wedding" note="with everything said in time" last />
        </ol>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="px-5 py-8 text-phone md:px-16 md:pt-[150px] md:pb-16 lg:px-24"
      >
        <div className="max-w-[440px]">
          <h1 tabIndex={-1} className="font-display text-h1 tracking-display text-balance md:text-title">
            {title}
          </h1>
          <div className="mt-2 text-muted-foreground">{intro}</div>
          <div className="mt-6">{children}</div>
        </div>
      </main>
      <Toaster />
    </div>
  )
}

function Ahead({
  bead,
  title,
  note,
  last = false,
}: {
  readonly bead: 'key' | 'planned' | 'wedding'
  readonly title: string
  readonly note: string
  readonly last?: boolean
}) {
  return (
    <li
      className={`relative grid min-h-12 grid-cols-[16px_minmax(0,1fr)] gap-x-3 text-phone ${last ? '' : 'before:absolute before:top-5 before:bottom-0 before:left-[7px] before:border-l-[1.5px] before:border-dashed before:border-thread-future'}`}
    >
      <span className="mt-0.5 flex [&>*]:bg-sidebar">
        <Dot of={bead} />
      </span>
      <span>
        {title}
        <span className="block text-ui text-muted-foreground">{note}</span>
      </span>
    </li>
  )
}
