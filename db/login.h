/*
 * The login uid that the kernel keeps of whoever logged in, through sudo and su
 * (audit_setloginuid(2) is what PAM's pam_loginuid does).
 */
#ifndef DB_LOGIN_H
#define DB_LOGIN_H

#include <stdbool.h>
#include <sys/types.h>

enum login { LOGIN_UNSET, LOGIN_SET, LOGIN_DOUBTED };

/*
 * Where none is set, as in many containers, anybody may set it once, to any number.  So
 * it is believed where it is the real uid, or where the first process above that has it
 * is root's, as a login's is, or that person's own.  LOGIN_DOUBTED: it is not.
 */
enum login	login_uid(uid_t *);

#endif
