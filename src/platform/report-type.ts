/** The MIME type under which a notebook leaves its figures to other programs. */
export const REPORT_TYPE = "application/vnd.rnnlab.report+json";
