choice: T_CHOICE word_opt T_EOL
choice_option: logic_type prompt_stmt_opt T_EOL
T_OPTIONAL T_OPTION 
