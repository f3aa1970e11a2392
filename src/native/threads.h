// Threads that stay, because starting some for every op would take longer than a small op.
#pragma once

namespace rnnlab {

/// Calls work(data, part) for each part from 0 to parts - 1, on several threads, and waits for all.
void parallel(int parts, void (*work)(void* data, int part), void* data);

/// The processors that this process may use.
int processors();

}  // namespace rnnlab
