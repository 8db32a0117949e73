/* Takes the time as its first act and appends a line to a file: first-act FILE NAME */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **words) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (count != 3) return 2;
  char line[200];
  int length = snprintf(line, sizeof line, "%s %lld\n", words[2],
                        (long long)now.tv_sec * 1000000000 + now.tv_nsec);
  if (length >= (int)sizeof line) return 2;
  int file = open(words[1], O_WRONLY | O_APPEND | O_CREAT, 0600);
  /* One write of a short line: those of many processes do not mix. */
  return file >= 0 && write(file, line, length) == length ? 0 : 1;
}
