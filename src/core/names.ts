/** How a language and a region are written: a letter in a language nobody can write its dates in would never go out. */
export const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/
export const REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/
