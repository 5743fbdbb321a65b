/** Ids are branded so that a run's id cannot be passed where a client's is wanted. All are UUIDs but NodeId. */
export type Branded<T, Name extends string> = T & { readonly __name: Name }

export type VendorId = Branded<string, 'VendorId'>
export type ClientId = Branded<string, 'ClientId'>
export type WeddingId = Branded<string, 'WeddingId'>
export type JourneyId = Branded<string, 'JourneyId'>
export type RunId = Branded<string, 'RunId'>
export type EventId = Branded<string, 'EventId'>
export type EffectId = Branded<string, 'EffectId'>

/** Chosen by the author of a journey, stable through every edit: a migration maps by it. */
export type NodeId = Branded<string, 'NodeId'>

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }
