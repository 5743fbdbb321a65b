/** As the server says why a journey stands still: nobody but a person lets this one go on. */
export const PAUSED_BY_HAND = 'a person has paused the journey'
