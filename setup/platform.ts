/** A system and a processor, as Node names them: `linux-x64`. */
export type Platform = `${NodeJS.Platform}-${NodeJS.Architecture}`;

/** What this process runs on. */
export const thisPlatform: Platform = `${process.platform}-${process.arch}`;
