import { type ReactNode, useDeferredValue } from 'react'

/** What stands further down comes a moment after what is read first: the panel answers before all of it is there. */
export const Later = ({ children }: { readonly children: ReactNode }) =>
  useDeferredValue(true, false) ? children : null
