/** What the session itself needs of the globals, kept from before the first cell: cells may do with theirs what they like. */
export const IntrinsicPromise = Promise;
